// Reporter for node:test: one JSON line per ended test. Used by tools/run_tests.py.
export default async function* report(source) {
  for await (const event of source) {
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const { name, details, skip, todo } = event.data;
    if (details?.type === "suite" && event.type === "test:pass") continue;
    const left = skip !== undefined || todo !== undefined;
    const cause = details?.error?.cause ?? details?.error;
    const detail = String(cause?.stack ?? cause ?? "");
    if (event.type === "test:fail" && details?.error?.failureType === "subtestsFailed") continue;
    const result = left ? "skipped" : event.type === "test:pass" ? "passed" : "failed";
    yield `${JSON.stringify({ name, result, detail })}\n`;
  }
}
