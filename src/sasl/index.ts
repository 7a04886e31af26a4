/**
 * SASL (RFC 4422): authentication exchanges for both sides, without input or output.
 *
 * @module
 */

export type { Engine, EngineOptions } from '../core/engine.js';
export type { RandomOptions, RandomSource } from '../crypto/random.js';
export type { SaslAccount, SaslServerOptions } from './accounts.js';
export { type ChooseMechanismOptions, chooseMechanism } from './choose-mechanism.js';
export { createSaslClient, type SaslClientOptions } from './client.js';
export type { SaslCredentials } from './credentials.js';
export type {
  SaslChannelBinding,
  SaslClient,
  SaslIdentity,
  SaslMechanism,
  SaslServer,
  ScramMechanism,
} from './mechanism.js';
export { type SaslprepOptions, saslprep } from './saslprep.js';
export type { ScramClientOptions, ScramLimits } from './scram-client.js';
export { deriveScramKeys, type ScramHash, type ScramKeys, type ScramSalt } from './scram-keys.js';
export { createSaslServer } from './server.js';
