"""What a person can answer to a case: pure value objects that check a value, write it in one form, and say what is the same."""
