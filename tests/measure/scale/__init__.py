"""What a decision and a review take of the processor, by role of the product, on clusters of one, two and four nodes."""
