/** One layer of a message of thunderbird-smime, as its expected.json has it. */
export interface ThunderbirdLayer {
  readonly type: 'signed' | 'enveloped';
  readonly form?: 'detached' | 'opaque';
  readonly signers?: readonly string[];
  readonly digests?: readonly string[];
  readonly intact?: boolean;
  readonly chainOk?: boolean | null;
  readonly intactOverLf?: boolean;
  readonly contentEncryption?: string;
  readonly plaintextSha256?: string;
}

/** The expected.json of thunderbird-smime. */
export interface ThunderbirdMessages {
  readonly validationTime: string;
  readonly trustAnchors: readonly string[];
  readonly certificates: Readonly<Record<string, { readonly serialHex: string }>>;
  readonly files: readonly {
    readonly file: string;
    readonly layers: readonly ThunderbirdLayer[];
    /** What Thunderbird's own tests want its user to see. */
    readonly thunderbird: {
      readonly showsEncrypted: boolean | null;
      readonly signatureGood: boolean | null;
      readonly signatureGoodIfSha1Allowed: boolean | null;
    } | null;
  }[];
}
