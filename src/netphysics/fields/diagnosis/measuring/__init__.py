"""One network on one batch, of whatever framework: its layers, signals, gradients, and virtual steps of training."""
