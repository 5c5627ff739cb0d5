"""Request bodies of the routes; values are not coerced, and unknown members are refused."""
