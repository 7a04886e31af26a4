// Prints "passed failed skipped" of a run for .ci/run: from what vitest's JSON
// reporter or tools/check.mjs left, and from the status that it ended with.

import { existsSync, readFileSync } from 'node:fs';

const [path = '', status = '1'] = process.argv.slice(2);
const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
const isVitest = 'numTotalTests' in report;
const passed = isVitest ? report.numPassedTests : (report.passed?.length ?? 0);
const skipped = isVitest ? report.numPendingTests + report.numTodoTests : (report.skipped?.length ?? 0);
let failed = isVitest ? report.numFailedTests : (report.failed?.length ?? 0);
// A file that cannot be loaded, or a run that was cut off, fails without a failed test.
if (status !== '0' && failed === 0) failed = 1;
console.log(passed, failed, skipped);
