"""Files that come with cases: their handles, their seals, and what a picture's bytes must look like. Pure.

``handle`` and ``file_types`` are what task files need: they know nothing of keys.
"""
