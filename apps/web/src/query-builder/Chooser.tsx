import { Select, type SelectProps } from "@mantine/core";
import classes from "./builder.module.css";

type Props = Pick<SelectProps, "aria-label" | "label" | "placeholder" | "className" | "size" | "nothingFoundMessage" | "data"> & {
  value: string | null;
  onChange: (value: string) => void;
};

/**
 * One of many things, found by typing. What drops down stays beside its field, so that it belongs to the same part of the page, and scrolls
 * as the list of options itself.
 */
export function Chooser({ value, onChange, ...props }: Props) {
  return (
    <Select
      {...props}
      searchable
      selectFirstOptionOnChange
      openOnFocus={false}
      allowDeselect={false}
      value={value}
      onChange={(next) => next !== null && onChange(next)}
      withScrollArea={false}
      classNames={{ options: classes.options }}
      comboboxProps={{ withinPortal: false }}
    />
  );
}
