"""Pictures for the chat and for pages: SVG from templates, PNG by resvg; nothing here is loaded before one is drawn."""
