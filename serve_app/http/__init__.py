"""What every request passes before a route sees it: parsing, authentication, limits and errors."""
