"""The HTTP side before a route: parsing, authentication, limits and errors."""
