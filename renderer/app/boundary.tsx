import { Component, type ReactNode } from 'react';

/** What failed, for whoever is asked to repair it. */
export type Failure = { readonly message: string; readonly details: string };
type BoundaryProps = { readonly children: ReactNode; readonly fallback: (failure: Failure, again: () => void) => ReactNode };

/** Keeps a failure of a part of the window in that part. What the part showed lies in the store, so showing it again loses nothing. */
export class Boundary extends Component<BoundaryProps, { readonly error: unknown; readonly failed: boolean; readonly place: string }> {
  override state = { error: undefined, failed: false, place: '' };

  static getDerivedStateFromError(error: unknown): { error: unknown; failed: true } {
    return { error, failed: true };
  }

  override componentDidCatch(_error: unknown, { componentStack }: { readonly componentStack?: string | null }): void {
    this.setState({ place: componentStack ?? '' });
  }

  override render(): ReactNode {
    const { error, failed, place } = this.state;
    if (!failed) return this.props.children;
    return this.props.fallback(describe(error, place), () => { this.setState({ error: undefined, failed: false, place: '' }); });
  }
}

function describe(error: unknown, place: string): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { message, details: [error instanceof Error ? error.stack ?? message : message, place.trim()].filter((part) => part !== '').join('\n\n') };
}
