"""筹备清单: what each department has ready before a promotion may be scheduled (S-182)."""
