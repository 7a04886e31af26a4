import { readBer } from '../../asn1/reader.js';
import { octetString } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { type AccessDescription, readAccessDescriptions } from './access-descriptions.js';
import { type DistributionPoint, readDistributionPoints } from './distribution-points.js';
import { Extended } from './extended.js';
import {
  type AuthorityKeyIdentifier,
  type BasicConstraints,
  ExtensionOid,
  type KeyUsage,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtendedKeyUsage,
  readGeneralNames,
  readKeyUsage,
} from './extensions.js';
import type { GeneralName } from './general-name.js';
import { type NameConstraints, readNameConstraints } from './general-subtrees.js';
import {
  type CertificateTemplate,
  type DirectoryAttribute,
  type NetscapeCertType,
  type PrivateKeyUsagePeriod,
  type QcStatement,
  readCertificateTemplate,
  readDirectoryAttributes,
  readNetscapeCertType,
  readPrivateKeyUsagePeriod,
  readQcStatements,
  readSmimeCapabilities,
  readText,
  type SmimeCapability,
} from './other-extensions.js';
import {
  type PolicyConstraints,
  type PolicyInformation,
  type PolicyMapping,
  readCertificatePolicies,
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
} from './policy-extensions.js';

/** The extensions of a certificate by their names (RFC 5280 §4.2), and those of others that mail meets. */
export abstract class CertificateExtensions extends Extended {
  /** basicConstraints, if there. */
  get basicConstraints(): BasicConstraints | undefined {
    return this.decode(ExtensionOid.basicConstraints, readBasicConstraints);
  }

  /** The bits of keyUsage, if there. */
  get keyUsage(): ReadonlySet<KeyUsage> | undefined {
    return this.decode(ExtensionOid.keyUsage, readKeyUsage);
  }

  /** The dotted OIDs of extendedKeyUsage, if there. */
  get extendedKeyUsage(): readonly string[] | undefined {
    return this.decode(ExtensionOid.extendedKeyUsage, readExtendedKeyUsage);
  }

  /** The names of subjectAltName, none when it is not there. */
  get subjectAltName(): readonly GeneralName[] {
    return this.decode(ExtensionOid.subjectAltName, readGeneralNames) ?? [];
  }

  /** The names of issuerAltName, none when it is not there. */
  get issuerAltName(): readonly GeneralName[] {
    return this.decode(ExtensionOid.issuerAltName, readGeneralNames) ?? [];
  }

  /** The octets of subjectKeyIdentifier, if there. */
  get subjectKeyIdentifier(): Bytes | undefined {
    return this.decode(ExtensionOid.subjectKeyIdentifier, (value) => octetString(readBer(value)));
  }

  /** authorityKeyIdentifier, if there. */
  get authorityKeyIdentifier(): AuthorityKeyIdentifier | undefined {
    return this.decode(ExtensionOid.authorityKeyIdentifier, readAuthorityKeyIdentifier);
  }

  /** The policies of certificatePolicies with their qualifiers, if there. */
  get certificatePolicies(): readonly PolicyInformation[] | undefined {
    return this.decode(ExtensionOid.certificatePolicies, readCertificatePolicies);
  }

  /** The pairs of policyMappings, none when it is not there. */
  get policyMappings(): readonly PolicyMapping[] {
    return this.decode(ExtensionOid.policyMappings, readPolicyMappings) ?? [];
  }

  /** policyConstraints, if there. */
  get policyConstraints(): PolicyConstraints | undefined {
    return this.decode(ExtensionOid.policyConstraints, readPolicyConstraints);
  }

  /** inhibitAnyPolicy: after how many more certificates anyPolicy stands for no policy any more. */
  get inhibitAnyPolicy(): number | undefined {
    return this.decode(ExtensionOid.inhibitAnyPolicy, readInhibitAnyPolicy);
  }

  /** nameConstraints, if there. */
  get nameConstraints(): NameConstraints | undefined {
    return this.decode(ExtensionOid.nameConstraints, readNameConstraints);
  }

  /** The points of cRLDistributionPoints, none when it is not there. */
  get crlDistributionPoints(): readonly DistributionPoint[] {
    return this.decode(ExtensionOid.crlDistributionPoints, readDistributionPoints) ?? [];
  }

  /** Where delta CRLs are (freshestCRL), none when it is not there. */
  get freshestCrl(): readonly DistributionPoint[] {
    return this.decode(ExtensionOid.freshestCrl, readDistributionPoints) ?? [];
  }

  /** authorityInfoAccess: where the issuer's certificate and OCSP responder are; none when it is not there. */
  get authorityInfoAccess(): readonly AccessDescription[] {
    return this.decode(ExtensionOid.authorityInfoAccess, readAccessDescriptions) ?? [];
  }

  /** subjectInfoAccess: where the subject's services are; none when it is not there. */
  get subjectInfoAccess(): readonly AccessDescription[] {
    return this.decode(ExtensionOid.subjectInfoAccess, readAccessDescriptions) ?? [];
  }

  /** The attributes of subjectDirectoryAttributes, none when it is not there. */
  get subjectDirectoryAttributes(): readonly DirectoryAttribute[] {
    return this.decode(ExtensionOid.subjectDirectoryAttributes, readDirectoryAttributes) ?? [];
  }

  /** privateKeyUsagePeriod, if there. */
  get privateKeyUsagePeriod(): PrivateKeyUsagePeriod | undefined {
    return this.decode(ExtensionOid.privateKeyUsagePeriod, readPrivateKeyUsagePeriod);
  }

  /** What the holder's mail program can decrypt, the best first (RFC 4262), if it is said. */
  get smimeCapabilities(): readonly SmimeCapability[] | undefined {
    return this.decode(ExtensionOid.smimeCapabilities, readSmimeCapabilities);
  }

  /** Whether an OCSP responder's certificate needs no check of its own (id-pkix-ocsp-nocheck, RFC 6960 §4.2.2.2.1). */
  get ocspNoCheck(): boolean {
    return this.extension(ExtensionOid.ocspNoCheck) !== undefined;
  }

  /** The statements of a qualified certificate (RFC 3739 §3.2.6), none when they are not there. */
  get qcStatements(): readonly QcStatement[] {
    return this.decode(ExtensionOid.qcStatements, readQcStatements) ?? [];
  }

  /** The template of a Microsoft authority, if there. */
  get certificateTemplate(): CertificateTemplate | undefined {
    return this.decode(ExtensionOid.certificateTemplate, readCertificateTemplate);
  }

  /** The name of an older Microsoft authority's template, if there. */
  get certificateTemplateName(): string | undefined {
    return this.decode(ExtensionOid.certificateTemplateName, readText);
  }

  /** Microsoft's application policies, which are written as certificatePolicies are; none when they are not there. */
  get applicationPolicies(): readonly PolicyInformation[] {
    return this.decode(ExtensionOid.applicationPolicies, readCertificatePolicies) ?? [];
  }

  /** The bits of the Netscape certificate type, if there. */
  get netscapeCertType(): ReadonlySet<NetscapeCertType> | undefined {
    return this.decode(ExtensionOid.netscapeCertType, readNetscapeCertType);
  }

  /** The Netscape comment, if there. */
  get netscapeComment(): string | undefined {
    return this.decode(ExtensionOid.netscapeComment, readText);
  }
}
