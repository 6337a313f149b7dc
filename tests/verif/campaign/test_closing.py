"""Closing a bench on real RTL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.regressions import drafted, specified, stored
from tests.support.tools import needs
from verif.campaign.close_result import CloseResult
from verif.campaign.closing import CloseOptions, close_bench
from verif.errors import InputError
from verif.search.closure.closer import Closer
from verif.verdict import PointStatus, Verdict
from verif.workspace import Workspace
