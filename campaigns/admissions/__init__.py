"""专属邀请: which customers were invited to products that are offered by invitation alone."""
