declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  // eslint-disable-next-line no-restricted-exports -- that is how Vite gives them
  export default classes;
}
