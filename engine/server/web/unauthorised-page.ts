/**
 * What somebody sees who comes without the token, or with that of a host that has ended: what to do, and nothing of the library.
 * Nobody has said yet in which language, so it stands there in both. `nonce` lets its one style sheet through the page's policy.
 */
export function unauthorisedPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Longtake</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; }
body { display: grid; place-items: center; min-height: 100vh; margin: 0; padding: 24px; box-sizing: border-box; background: light-dark(#f4f4f2, #131415); color: light-dark(#1d1f22, #e9eaec); font: 0.875rem/1.375rem system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { box-sizing: border-box; width: 100%; max-width: 460px; padding: 24px; border: 1px solid light-dark(#e2e2df, #2b2d31); border-radius: 12px; background: light-dark(#ffffff, #232528); }
h1 { margin: 0 0 8px; font-size: 1rem; line-height: 1.5rem; font-weight: 600; }
p { margin: 0 0 8px; color: light-dark(#595d64, #a3a7ae); text-wrap: pretty; }
section + section { margin-top: 16px; padding-top: 16px; border-top: 1px solid light-dark(#e2e2df, #2b2d31); }
section p:last-child { margin: 0; }
code { padding: 1px 4px; border-radius: 5px; background: light-dark(#ececea, #131415); color: light-dark(#1d1f22, #e9eaec); font: 0.8125rem ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; }
</style>
</head>
<body>
<main>
<section>
<h1>Open the address that Longtake has printed</h1>
<p>It ends in a token that lets this browser in. Each start of Longtake prints a new one, and an older one opens nothing any more.</p>
<p>Where it is out of sight, <code>npm start</code> opens the window of the Longtake that is running.</p>
</section>
<section lang="zh-Hans">
<h1>请打开 Longtake 显示的地址</h1>
<p>地址末尾的令牌允许此浏览器访问。Longtake 每次启动都会显示新的令牌，旧令牌随即失效。</p>
<p>如果找不到该地址，<code>npm start</code> 会打开正在运行的 Longtake 的窗口。</p>
</section>
</main>
</body>
</html>
`;
}
