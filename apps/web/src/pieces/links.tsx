import { Anchor, type AnchorProps, Button, type ButtonProps, NavLink, type NavLinkProps, UnstyledButton, type UnstyledButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";

/*
 * Mantine's components as router links: typed addresses, real anchors, preloaded on hover.
 */

type AnchorElement = ComponentPropsWithRef<"a">;

export const TextLink = createLink(({ size = "sm", ...props }: AnchorProps & Omit<AnchorElement, keyof AnchorProps>) => <Anchor size={size} {...props} />);

export const ButtonLink = createLink((props: ButtonProps & Omit<AnchorElement, keyof ButtonProps>) => <Button component="a" {...props} />);

export const NavigationLink = createLink((props: NavLinkProps & Omit<AnchorElement, keyof NavLinkProps>) => <NavLink component="a" {...props} />);

export const PlainLink = createLink((props: UnstyledButtonProps & Omit<AnchorElement, keyof UnstyledButtonProps>) => (
  <UnstyledButton component="a" {...props} />
));
