"""The study of the plane of weight and bias variances; nothing is imported here."""
