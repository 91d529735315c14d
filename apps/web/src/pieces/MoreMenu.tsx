import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDots } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  /** What it belongs to, in a list of many: three dots then open it. */
  of?: string | undefined;
  /** `Menu.Item`s. */
  children: ReactNode;
}

/** What is done now and then with a thing, behind "More". */
export function MoreMenu({ of, children }: Props) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        {of === undefined ? (
          <Button variant="default" rightSection={<IconChevronDown size={15} aria-hidden />}>
            More
          </Button>
        ) : (
          <ActionIcon aria-label={`What to do with ${of}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
