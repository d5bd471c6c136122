"""A budget is used up by the time that work takes, and refills with time."""

from __future__ import annotations

import pytest

from stories.public.http.budget import Budget, BudgetExhausted


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def spend(budget: Budget, clock: Clock, seconds: float) -> None:
    with budget.spending():
        clock.now += seconds


def test_what_is_spent_is_gone_until_time_brings_it_back() -> None:
    clock = Clock()
    budget = Budget(each_second=0.5, most=2.0, clock=clock)
    spend(budget, clock, 1.0)
    spend(budget, clock, 4.0)
    with pytest.raises(BudgetExhausted) as refusal:
        spend(budget, clock, 0.0)
    clock.now += refusal.value.wait - 1
    with pytest.raises(BudgetExhausted):
        spend(budget, clock, 0.0)
    clock.now += 2
    spend(budget, clock, 0.1)


def test_rest_saves_up_no_more_than_the_most() -> None:
    clock = Clock()
    budget = Budget(each_second=0.1, most=2.0, clock=clock)
    clock.now = 1_000.0
    spend(budget, clock, 3.0)
    with pytest.raises(BudgetExhausted):
        spend(budget, clock, 0.0)


def test_work_that_fails_is_spent_too() -> None:
    clock = Clock()
    budget = Budget(each_second=0.1, most=1.0, clock=clock)

    def fail() -> None:
        with budget.spending():
            clock.now += 20.0
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with pytest.raises(BudgetExhausted):
        spend(budget, clock, 0.0)


def test_it_can_begin_anew() -> None:
    clock = Clock()
    budget = Budget(each_second=0.1, most=1.0, clock=clock)
    spend(budget, clock, 20.0)
    budget.reset()
    spend(budget, clock, 0.5)
