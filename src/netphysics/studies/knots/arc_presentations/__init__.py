"""The study of walks among arc presentations."""
