"""A table as observations, questions and answers: columns, scales, splits, and the errors of rows."""
