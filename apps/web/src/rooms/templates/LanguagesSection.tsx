import { Badge, Button, ScrollArea, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLanguage } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Template } from "@tincan/api";
import { bubbleOfTemplate } from "../../phone-preview/bubble.ts";
import { PhonePreview } from "../../phone-preview/PhonePreview.tsx";
import { Dot } from "../../pieces/Dot.tsx";
import { TextLink } from "../../pieces/links.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useMay } from "../../session.ts";
import { CloneTemplate } from "./CloneTemplate.tsx";
import { languageWords } from "./editor/words.ts";
import classes from "./LanguagesSection.module.css";
import { siblingsQuery } from "./siblings.ts";
import { inWords, templateTone } from "./template-words.ts";

/** The same name in every language it has, side by side. */
export function LanguagesSection({ template }: { template: Template }) {
  const mayWrite = useMay("templates.write");
  const [adding, add] = useDisclosure(false);
  const siblings = useQuery(siblingsQuery(template));
  const all = siblings.data ?? [template];
  return (
    <Section
      title="Languages"
      description={all.length > 1 ? `${template.name} in ${all.length} languages.` : `Only ${languageWords(template.language)} so far.`}
      actions={
        mayWrite ? (
          <Button size="xs" variant="default" leftSection={<IconLanguage size={14} aria-hidden />} onClick={add.open}>
            Add a language
          </Button>
        ) : null
      }
    >
      {all.length > 1 ? (
        <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Languages side by side" }}>
          <ul className={classes.languages}>
            {all.map((one) => (
              <li key={one.id}>
                <Stack gap={6}>
                  <div className={classes.head}>
                    {one.id === template.id ? (
                      <b>{languageWords(one.language)}</b>
                    ) : (
                      <TextLink to="/templates/$id" params={{ id: one.id }}>
                        {languageWords(one.language)}
                      </TextLink>
                    )}
                    {one.archivedAt ? <Badge size="sm">Archived</Badge> : <Dot tone={templateTone(one.status)}>{inWords(one.status)}</Dot>}
                  </div>
                  <PhonePreview title={languageWords(one.language)} messages={[{ id: one.id, side: "in", bubble: bubbleOfTemplate(one.components) }]} />
                </Stack>
              </li>
            ))}
          </ul>
        </ScrollArea>
      ) : null}
      <CloneTemplate template={template} as="language" taken={all.map(({ language }) => language)} opened={adding} onClose={add.close} />
    </Section>
  );
}
