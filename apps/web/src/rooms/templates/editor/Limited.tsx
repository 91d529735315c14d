import { Textarea, type TextareaProps, TextInput, type TextInputProps } from "@mantine/core";
import type { ReactNode, Ref } from "react";
import classes from "./Limited.module.css";

type Order = ("label" | "input" | "description" | "error")[];

/** The counter stands below the input, where there is always room for it. */
const order: Order = ["label", "input", "error", "description"];

interface Limit {
  value: string;
  /** Characters, at most. */
  most: number;
  hint?: ReactNode;
}

/** "12 / 60" below a field, red once it is too much. */
function Counter({ value, most, hint }: Limit) {
  const length = [...value].length;
  return (
    <span className={classes.below}>
      <span>{hint}</span>
      <span className={classes.counter} data-over={length > most || undefined}>
        {length.toLocaleString()} / {most.toLocaleString()}
      </span>
    </span>
  );
}

type Counted = Limit & { onText: (text: string) => void };

/** What both kinds of field take from a limit. */
function counted({ value, most, hint, onText }: Counted) {
  return {
    value,
    onChange: (event: { currentTarget: { value: string } }) => onText(event.currentTarget.value),
    inputWrapperOrder: order,
    description: <Counter value={value} most={most} hint={hint} />,
    descriptionProps: { component: "div" },
  };
}

/** A line of text with a limit that is counted while typing. */
export function LimitedInput({ most, hint, value, onText, ...props }: Counted & Omit<TextInputProps, "value" | "onChange" | "description">) {
  return <TextInput {...props} {...counted({ most, hint, value, onText })} />;
}

/** The same for a longer text. */
export function LimitedTextarea({ most, hint, value, onText, ...props }: Counted & { ref?: Ref<HTMLTextAreaElement> } & Omit<TextareaProps, "value" | "onChange" | "description">) {
  return <Textarea autosize minRows={4} maxRows={16} {...props} {...counted({ most, hint, value, onText })} />;
}
