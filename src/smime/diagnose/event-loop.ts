import type { Bytes } from '../../core/bytes.js';
import { webSubtle } from '../../crypto/engines/native-web.js';

interface Digests {
  digest(name: string, data: Bytes): Promise<ArrayBuffer>;
}

const nothing: Bytes = /* @__PURE__ */ new Uint8Array(0);

/**
 * Lets the event loop turn, so that what waits in it (a timer that aborts, a request that came) gets its time. The
 * platform’s hash functions answer by the event loop; where it has none this returns at once.
 */
export async function eventLoopTurn(): Promise<void> {
  try {
    await webSubtle<Digests>()?.digest('SHA-256', nothing);
  } catch {
    // What it answers does not matter.
  }
}
