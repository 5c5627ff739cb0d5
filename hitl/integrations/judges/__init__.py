"""Language models as judges: how far they agree with people, and their verdicts as calibrated predictions. Pure."""
