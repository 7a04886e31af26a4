/** What `mailseal --help` prints. */
export const help = `mailseal: look at sealed mail

  mailseal verify  [FILE|-] [options]   verify who signed a message, and that it is unchanged
  mailseal inspect [FILE|-] [--json]    show the parts of a message
  mailseal certs   [FILE|-] [--pem]     list the certificates in a message or a file

  mailseal COMMAND --help               tell more about one of them
  mailseal --version

FILE is a message (.eml), a signature (.p7s, .p7m) or, for certs, certificates.
Without FILE, or with -, the standard input is read.
`;

/** What `mailseal COMMAND --help` prints. */
export const commandHelp = {
  verify: `mailseal verify [FILE|-] [options]

Verifies the signatures of a message, or of a .p7s or .p7m file, and tells of
each signer: is the content intact, is the signature valid, is the certificate
trusted, and valid at which time, and is the signer the sender?

  --roots FILE...   certificates (PEM or DER) of the authorities that you trust;
                    without them nothing is verified
  --certs FILE...   more certificates: the signer's, or intermediate ones
  --content FILE    what a detached .p7s is over
  --crl FILE...     certificate revocation lists, PEM or DER
  --ocsp FILE...    answers of OCSP responders; nothing is fetched
  --revocation MODE "require": every certificate must be known not to be
                    revoked; "check" (the default with --crl or --ocsp): none
                    may be known to be revoked; "off": do not look
  --policy OID...   the certificates must be valid for one of these policies
  --algorithms SET  "now" (the default) refuses MD5, SHA-1 and very short keys;
                    "old-mail" only remarks on them
  --at DATE         judge certificates at this time instead of now, such as
                    2026-06-01 or 2026-06-01T09:30:00Z
  --at signing      accept a certificate that was valid when the signer says
                    that he signed; nobody vouches for that time
  --trusted-time DATE
                    the signature existed already then, as you know for sure:
                    what expired or was revoked later does no harm
  --timestamp-roots FILE...
                    authorities whose time stamps you trust; without it --roots
  --email ADDRESS   whom the signer must be, instead of the sender in From
  --any-signer      do not compare the signer with the sender
  --json            print the report as JSON
  --out FILE        write what was signed into FILE, only once it is verified

Exit code: 0 verified; 1 not verified; 2 wrong usage, or a file that cannot be
read or written; 3 input that cannot be parsed.
`,
  inspect: `mailseal inspect [FILE|-] [--json]

Shows the parts of a message: their octets, types, names, header fields
(decoded), and what is wrong with them.

  --json            print them as JSON

Exit code: 0; 2 wrong usage, or a file that cannot be read; 3 input that is no
message.
`,
  certs: `mailseal certs [FILE|-] [--pem|--json]

Lists the certificates in a message, a .p7s, .p7m or .p7c file, or a PEM or DER
file.

  --pem             print them as PEM
  --json            print what is in them as JSON

Exit code: 0; 1 there is none; 2 wrong usage, or a file that cannot be read;
3 input that cannot be parsed.
`,
} as const;
