// The LLMJudge target.
