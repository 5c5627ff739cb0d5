"""A case whose rule fails counts for no certificate."""

from dataclasses import replace

from hitl.answers.fields import FieldsAnswer
from hitl.answers.rule_values import rule_values
from hitl.quality.checks import BlindCheck
from hitl.routing.policy import Policy
from hitl.routing.prediction import Prediction
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import FAILED, Request, Steering
from serve_app.evidence.certifying import may_be_automatic

AMOUNTS = FieldsAnswer.model_validate({"fields": [{"name": "total", "type": "money"}]})
SURE = Prediction("as_declared", (0.99, 0.01), 0.99, 0.05, "m" * 64)


def test_a_case_on_which_a_rule_fails_is_marked_so_that_no_certificate_counts_it() -> None:
    rule = {"name": "large", "when": "answer.total > 5000.0", "effect": "review"}
    policy = Policy.model_validate({"rules": [rule]})
    values = rule_values(AMOUNTS, AMOUNTS.check({"total": None}))
    found = Steering(CompiledPolicy(policy)).steer(Request({}, {}, "bot", values), SURE)
    assert FAILED in found.rules
    check = BlindCheck("c", 0.0, found.segment, "m" * 64, "v", "as_declared", 0.99, False, ("gold",), found.rules)
    assert may_be_automatic(policy, replace(check, rules=())) is True
    assert may_be_automatic(policy, check) is False
