"""Which rules, with which parameters, each family of layers is put through."""
CLIP = {"epsilon": 0.125, "clip": True}
NORM = {"epsilon": 0.25, "norm_scale": True}
NORM_CLIP = {"epsilon": 0.5, "clip": True, "norm_scale": True}
NORM_CHANNELS = {"epsilon": 0.25, "norm_scale": True, "dim": [1]}

GRADIENT = (None, {})

# Where positive and negative terms meet, a denominator may come close to zero and only a wide stabilizer makes a
# well-posed case; the defaults are there too, for what they are worth in float32.
WEIGHTED = [
    GRADIENT,
    ("Epsilon", {}),
    ("Epsilon", {"epsilon": 0.25}),
    ("Epsilon", {"epsilon": CLIP}),
    ("Epsilon", {"epsilon": NORM}),
    ("Epsilon", {"epsilon": NORM_CLIP}),
    ("Epsilon", {"epsilon": NORM_CHANNELS}),
    ("Epsilon", {"epsilon": 0.25, "zero_params": ["bias"]}),
    ("Epsilon", {"epsilon": 0.25, "zero_params": ["weight"]}),
    ("Norm", {"stabilizer": 0.25}),
    ("ZPlus", {}),
    ("ZPlus", {"stabilizer": 0.25}),
    ("ZPlus", {"stabilizer": NORM}),
    ("ZPlus", {"zero_params": ["bias"]}),
    ("ZPlus", {"zero_params": ["weight"]}),
    ("AlphaBeta", {}),
    ("AlphaBeta", {"alpha": 1, "beta": 0}),
    ("AlphaBeta", {"alpha": 1.5, "beta": 0.5, "stabilizer": 0.125}),
    ("AlphaBeta", {"zero_params": ["bias"]}),
    ("AlphaBeta", {"stabilizer": CLIP}),
    ("Gamma", {}),
    ("Gamma", {"gamma": 0.5}),
    ("Gamma", {"gamma": 1000}),
    ("Gamma", {"gamma": 0.25, "stabilizer": 0.125}),
    ("Gamma", {"zero_params": ["bias"]}),
    ("Gamma", {"gamma": 0.25, "stabilizer": 0.125, "zero_params": ["weight", "bias"]}),
    ("ZBox", {"low": -1, "high": 1}),
    ("ZBox", {"low": "channels", "high": "channels"}),
    ("ZBox", {"low": "tensor", "high": "tensor", "stabilizer": 0.125}),
    ("ZBox", {"low": -1, "high": 1, "zero_params": ["bias"]}),
    ("WSquare", {}),
    ("WSquare", {"stabilizer": 0.125, "zero_params": ["bias"]}),
    ("Flat", {}),
    ("Flat", {"stabilizer": 0.5}),
]

# Inputs that are zero or positive, as they come out of a ReLU: the terms that may be left out.
RECTIFIED = [
    ("Epsilon", {"epsilon": 0.25}),
    ("ZPlus", {}),
    ("ZPlus", {"zero_params": ["bias"]}),
    ("AlphaBeta", {}),
    ("AlphaBeta", {"alpha": 1, "beta": 0}),
    ("Gamma", {}),
    ("Gamma", {"gamma": 0.5, "zero_params": ["bias"]}),
    ("ZBox", {"low": 0, "high": 1}),
]

NORMALISED = [
    GRADIENT,
    ("Pass", {}),
    ("Epsilon", {"epsilon": 0.25}),
    ("Norm", {"stabilizer": 0.25}),
    ("ZPlus", {"stabilizer": 0.25}),
    ("AlphaBeta", {"stabilizer": 0.25}),
    ("Gamma", {"stabilizer": 0.25}),
    ("WSquare", {"stabilizer": 0.25}),
    ("Flat", {"stabilizer": 0.25}),
    ("ReLUDeconvNet", {}),
    ("ReLUGuidedBackprop", {}),
    ("ReLUBetaSmooth", {}),
    ("ZPlus", {"stabilizer": 0.25, "zero_params": ["bias"]}),
    ("AlphaBeta", {"alpha": 1, "beta": 0, "stabilizer": 0.25}),
    ("ZBox", {"low": -1, "high": 1, "stabilizer": 0.25}),
]

# Layers without parameters: rules change the inputs only.
UNPARAMETERISED = [
    GRADIENT,
    ("Norm", {}),
    ("Norm", {"stabilizer": 0.25}),
    ("Norm", {"stabilizer": NORM}),
    ("Epsilon", {"epsilon": 0.25}),
    ("ZPlus", {"stabilizer": 0.25}),
    ("AlphaBeta", {"stabilizer": 0.25}),
    ("Gamma", {"stabilizer": 0.25}),
    ("ZBox", {"low": -1, "high": 1, "stabilizer": 0.25}),
    ("WSquare", {}),
    ("Flat", {}),
]

MAXIMA = [GRADIENT, ("Norm", {"stabilizer": 0.25})]

# Rules for weights do to an activation what they do to any layer; a PReLU even has a weight.
ACTIVATIONS = [
    *UNPARAMETERISED,
    ("Gamma", {"gamma": 2, "stabilizer": 0.5}),
    ("ZPlus", {"stabilizer": 0.25, "zero_params": ["weight"]}),
    ("Pass", {}),
    ("ReLUDeconvNet", {}),
    ("ReLUGuidedBackprop", {}),
    ("ReLUBetaSmooth", {}),
    ("ReLUBetaSmooth", {"beta_smooth": 1.5}),
]

NORMALISING = [*NORMALISED, ("Norm", {})]

OTHERS = UNPARAMETERISED
