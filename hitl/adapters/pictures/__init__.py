"""Where models get pictures from: the store of cases' files, and labelled files, decoded in a process of their own."""
