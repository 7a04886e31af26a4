/**
 * Which implementation does the work where there are two: `native` only the
 * runtime's own (refuses with `crypto-engine-unavailable` rather than fall
 * back), `typescript` only ours and noble's, `auto` native where it passed its
 * known-answer test, else TypeScript (but for decryption with RSA, which it
 * refuses then: the time of big integers depends on the private key). Default
 * everywhere: `auto`.
 */
export type Engine = 'native' | 'typescript' | 'auto';

/** The option that every function with two implementations takes. */
export interface EngineOptions {
  readonly engine?: Engine;
}
