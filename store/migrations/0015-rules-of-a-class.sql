-- The rules that stand for one class: which tools test a control was read from all rules.
CREATE INDEX tool_rule_class ON tool_rule (class, tool);
