"""Templates, styles and scripts of the pages that the product serves."""
