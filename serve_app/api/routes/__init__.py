"""The routes of the review application, one file for each thing that a path names."""
