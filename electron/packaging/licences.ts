import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ShippedPackage } from './shipped-packages.ts';

const textName = /^(?:licen[cs]e|copying|notice|third-?party)/iu;

/**
 * Everything that is shipped, with the text of its licence: what each asks for. Electron's and Chromium's own lie beside
 * the program, where Electron puts them.
 */
export function licenceList(packages: readonly ShippedPackage[]): string {
  const unique = [...new Map(packages.map((one) => [`${one.name} ${one.version}`, one])).values()].sort((one, other) => one.name.localeCompare(other.name, 'en'));
  const summary = unique.map(({ name, version, license }) => `${name} ${version}: ${license}`);
  return ['Longtake ships the following packages. Longtake itself is under the Apache License 2.0.', '', ...summary, '', ...unique.map(section)].join('\n');
}

function section({ name, version, license, directory }: ShippedPackage): string {
  const files = readdirSync(directory).filter((file) => textName.test(file) && !/\.(?:js|ts|json)$/u.test(file)).sort();
  // A package that only carries a binary says in its readme whose it is, and where its sources are.
  const named = files.length > 0 ? files : readdirSync(directory).filter((file) => /^readme/iu.test(file));
  const texts = named.map((file) => readFileSync(path.join(directory, file), 'utf8').trim());
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n${'='.repeat(80)}\n\n${texts.join('\n\n')}\n`;
}
