/** What every command returns: 0 verified or done, 1 not verified or nothing found, 2 usage or unreadable file, 3 not parseable. */
export type ExitCode = 0 | 1 | 2 | 3;
