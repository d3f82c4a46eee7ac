"""`python -m netphysics` is the command `netphysics`."""

import sys

from netphysics.cli import main

sys.exit(main())
