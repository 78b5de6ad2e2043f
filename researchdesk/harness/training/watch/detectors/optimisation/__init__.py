"""Detectors of one family: gradients, optimizers, schedulers."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.clipping import Clamped, Clipping
from researchdesk.harness.training.watch.detectors.optimisation.factors import Factors
from researchdesk.harness.training.watch.detectors.optimisation.finite import Finite
from researchdesk.harness.training.watch.detectors.optimisation.freezing import Misspelt
from researchdesk.harness.training.watch.detectors.optimisation.graphs import Graphs
from researchdesk.harness.training.watch.detectors.optimisation.leftover import Leftover
from researchdesk.harness.training.watch.detectors.optimisation.outside import Outside
from researchdesk.harness.training.watch.detectors.optimisation.owners import Owners
from researchdesk.harness.training.watch.detectors.optimisation.rates import Rates
from researchdesk.harness.training.watch.detectors.optimisation.rounding import Rounding
from researchdesk.harness.training.watch.detectors.optimisation.scaling import Remade, Scaling
from researchdesk.harness.training.watch.detectors.optimisation.schedules import Schedules
from researchdesk.harness.training.watch.detectors.optimisation.silent import SilentGradients
from researchdesk.harness.training.watch.detectors.optimisation.stepping import Stepping
from researchdesk.harness.training.watch.detectors.optimisation.zeroing import Zeroing

DETECTORS: tuple[type[Detector], ...] = (
    *(Zeroing, Stepping, Owners, Rates, Schedules),
    *(Clipping, Clamped, Finite, Graphs, Scaling, Remade, Factors, Misspelt, Outside),
    *(Rounding, SilentGradients, Leftover),
)
