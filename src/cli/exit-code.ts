/** What every command returns: 0 verified or done, 1 not verified, nothing found, refused or not to be decrypted, 2 usage or unreadable file, 3 not parseable. */
export type ExitCode = 0 | 1 | 2 | 3;
