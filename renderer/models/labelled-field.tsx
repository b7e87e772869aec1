import { TextField, type TextFieldProps } from '../components/text-field.tsx';
import styles from './models.module.css';

/** A line of text under its name. */
export function LabelledField(props: TextFieldProps) {
  return (
    <div className={styles['field']}>
      <span aria-hidden="true">{props.label}</span>
      <TextField {...props} />
    </div>
  );
}
