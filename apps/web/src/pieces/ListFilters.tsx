import { Button, NativeSelect } from "@mantine/core";
import classes from "./ListFilters.module.css";
import { SearchInput } from "./SearchInput.tsx";

type Key<S> = keyof S & string;

interface Words<S> {
  kind: "search";
  key: Key<S>;
  label: string;
  placeholder: string;
}

interface Choice<S> {
  kind: "choice";
  key: Key<S>;
  label: string;
  /** What it says when nothing is chosen. */
  any: string;
  options: { value: string; label: string; disabled?: boolean }[];
  /** For choices whose value is not what the address holds, such as "last 7 days". */
  chosen?: string;
  change?: (value: string | undefined) => Partial<S>;
}

export type Filter<S> = Words<S> | Choice<S>;

interface Props<S> {
  /** The filters as the address has them. */
  search: S;
  onSearch: (next: S) => void;
  filters: Filter<S>[];
}

/** Whether anything but the order of a list is asked for: an empty list then says that nothing matches. */
export function isFiltered(search: object): boolean {
  return Object.entries(search).some(([key, value]) => key !== "sort" && value !== undefined);
}

/** The filters above a list. They live in the address; the room hands them on to the server. */
export function ListFilters<S extends object>({ search, onSearch, filters }: Props<S>) {
  const change = (part: Partial<S>) => onSearch({ ...search, ...part });
  // The address is checked by the room's own rules whenever it is read, whatever is put there.
  const set = (key: Key<S>, value: string | undefined) => change({ [key]: value || undefined } as Partial<S>);
  const held = (key: Key<S>) => (search[key] === undefined ? undefined : String(search[key]));
  const clear = () => {
    const { sort } = search as { sort?: string };
    onSearch((sort === undefined ? {} : { sort }) as S);
  };
  return (
    <>
      {filters.map((filter) =>
        filter.kind === "search" ? (
          <SearchInput key={filter.key} label={filter.label} placeholder={filter.placeholder} value={held(filter.key)} onSearch={(value) => set(filter.key, value)} />
        ) : (
          <NativeSelect
            key={filter.key}
            className={classes.choice}
            aria-label={filter.label}
            value={filter.chosen ?? held(filter.key) ?? ""}
            onChange={({ currentTarget: { value } }) => (filter.change ? change(filter.change(value || undefined)) : set(filter.key, value))}
            data={[{ value: "", label: filter.any }, ...filter.options]}
          />
        ),
      )}
      {isFiltered(search) ? (
        <Button variant="subtle" color="gray" onClick={clear}>
          Clear
        </Button>
      ) : null}
    </>
  );
}
