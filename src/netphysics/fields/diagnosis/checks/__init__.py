"""Is something wrong with the inputs, with the weights, with how the layers fit together?"""
