"""The local web server: the page, live numbers, and saved studies."""
