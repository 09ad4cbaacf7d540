"""Who judges an answer: the support check, and a language model."""

from eval.judging.judge import judge_run
from eval.judging.support_judge import support_judge

__all__ = ["judge_run", "support_judge"]
