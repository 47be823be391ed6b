"""Multinomial logistic regression that starts from what is already believed."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

Array = NDArray[np.float64]

ITERATIONS = 200


def softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def log_scores(scores: Array, least: float = 1e-4) -> Array:
    """Logarithms less their mean; no score counts as less than `least`."""
    logs = np.log(np.maximum(np.asarray(scores, np.float64), least))
    return np.asarray(logs - logs.mean(axis=1, keepdims=True))


def fit_change(
    features: Array, offset: Array, targets: Array, weights: Array, penalty: float
) -> Array:
    """The coefficients (features by classes) of softmax(offset + features @ coefficients).

    `targets` has a row of shares for each row of `features`. The coefficients are drawn towards
    nought by `penalty`, and so the answer towards `offset`.
    """
    shape = features.shape[1], offset.shape[1]

    def loss(flat: Array) -> tuple[float, Array]:
        coefficients = flat.reshape(shape)
        shares = softmax(offset + features @ coefficients)
        wrong = weights[:, None] * (shares - targets)
        slope = features.T @ wrong + penalty * coefficients
        surprise = -(weights[:, None] * targets * np.log(np.maximum(shares, 1e-12))).sum()
        return surprise + penalty / 2 * float((flat * flat).sum()), slope.ravel()

    # On one core: the same on any machine, and faster for matrices as small as these.
    with threadpool_limits(1):
        found = minimize(
            loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B",
            options={"maxiter": ITERATIONS},
        )  # fmt: skip
    return np.asarray(found.x.reshape(shape))
