/** The part of the platform's `TextDecoder` that is used here, so that no platform's types are needed. */
export interface NativeTextDecoder {
  decode(octets?: Uint8Array, options?: { stream?: boolean }): string;
}
type TextDecoderConstructor = new (label: string) => NativeTextDecoder;

/** A decoder of the platform, or `undefined` where it has none for this charset. It removes a byte order mark. */
export function createNativeTextDecoder(name: string): NativeTextDecoder | undefined {
  const { TextDecoder } = globalThis as unknown as { TextDecoder?: TextDecoderConstructor };
  if (TextDecoder === undefined) return undefined;
  try {
    return new TextDecoder(name);
  } catch {
    return undefined;
  }
}
