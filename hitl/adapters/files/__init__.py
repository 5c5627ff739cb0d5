"""Folders and object stores: the archive, artifacts, blobs, data sets and master keys."""
