"""Runs every test of this folder and ends with the line that .ci/run and people read."""

import sys
import unittest
from pathlib import Path

suite = unittest.TestLoader().discover(str(Path(__file__).parent))
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
print(f"{result.testsRun - failed} passed, {failed} failed")
sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 and not result.skipped else 1)
