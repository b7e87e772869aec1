import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const renderer = path.join(import.meta.dirname, '../../../renderer');

/** Keys of words as the sources have them. A template stands for every key that fits it. */
export type UsedWords = {
  /** In a call of `t`, with the file that has it. */
  readonly asked: readonly { readonly key: string | RegExp; readonly file: string }[];
  /** Everything that may be the name of a key that somebody passes on. */
  readonly mentioned: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
};

export function readUsedWords(): UsedWords {
  const asked: { key: string | RegExp; file: string }[] = [];
  const mentioned = new Set<string>();
  const patterns: RegExp[] = [];
  for (const file of globSync('**/*.{ts,tsx}', { cwd: renderer })) {
    const source = ts.createSourceFile(file, readFileSync(path.join(renderer, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      // Names of the protocol's methods look like keys and are none.
      if (ts.isCallExpression(node) && ['request', 'subscribe'].includes(nameOf(node.expression))) node.arguments.slice(1).forEach(visit);
      else ts.forEachChild(node, visit);
      if (ts.isStringLiteralLike(node)) mentioned.add(node.text);
      if (ts.isTemplateExpression(node) && /^[a-z]+\./u.test(node.head.text)) patterns.push(patternOf(node));
      if (ts.isCallExpression(node) && nameOf(node.expression) === 't' && node.arguments[0] !== undefined) asked.push(...keysIn(node.arguments[0]).map((key) => ({ key, file })));
      if (ts.isPropertyAssignment(node) && node.name.getText() === 'textKey') asked.push(...keysIn(node.initializer).map((key) => ({ key, file })));
    };
    visit(source);
  }
  return { asked, mentioned, patterns };
}

function nameOf(callee: ts.Expression): string {
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
}

/** What an expression may come to, as far as it is written there. */
function keysIn(node: ts.Expression): (string | RegExp)[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [patternOf(node)];
  if (ts.isConditionalExpression(node)) return [...keysIn(node.whenTrue), ...keysIn(node.whenFalse)];
  return ts.isParenthesizedExpression(node) ? keysIn(node.expression) : [];
}

function patternOf({ head, templateSpans }: ts.TemplateExpression): RegExp {
  const parts = [head.text, ...templateSpans.map(({ literal }) => literal.text)];
  return new RegExp(`^${parts.map((part) => RegExp.escape(part)).join('[\\w.-]+')}$`, 'u');
}
