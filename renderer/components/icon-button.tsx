import type { ReactNode } from 'react';
import { Tooltip } from './tooltip.tsx';
import { classNames } from './class-names.ts';
import type { ButtonProps } from './button.tsx';
import styles from './icon-button.module.css';

export type IconButtonProps = Omit<ButtonProps, 'children' | 'look' | 'icon'> & {
  /** Its name, for everyone: the tooltip, and what a screen reader says. */
  readonly label: string;
  /** Of its action, shown in the tooltip. */
  readonly keys?: string | undefined;
  readonly small?: boolean;
  readonly children: ReactNode;
};

export function IconButton({ label, keys, small = false, className, children, ...others }: IconButtonProps) {
  return (
    <Tooltip label={label} keys={keys} quiet={others['aria-expanded'] === true}>
      <button type="button" aria-label={label} {...others} className={classNames(styles['button'], small && styles['small'], className)}>{children}</button>
    </Tooltip>
  );
}
