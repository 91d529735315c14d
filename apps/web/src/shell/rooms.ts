import { IconAddressBook, IconBrandWhatsapp, IconChartPie, IconFileImport, IconGauge, IconHandStop, IconHome, IconKey, IconListDetails, IconMessages, IconPlugConnected, IconReportAnalytics, IconSettings, IconShieldCheck, IconSpeakerphone, IconTemplate, IconUserCircle, IconUsers, type TablerIcon } from "@tabler/icons-react";
import type { Permission } from "@tincan/api";
import { reportRooms } from "../rooms/reports/report-rooms.ts";

export interface Room {
  label: string;
  to: "/" | "/campaigns" | "/messages" | "/templates" | (typeof reportRooms)[number]["to"] | "/people/contacts" | "/people/segments" | "/people/lists" | "/people/import" | "/channels/whatsapp" | "/channels/platforms" | `/settings/${"workspace" | "team" | "api-keys" | "consent" | "campaigns" | "audit" | "account"}`;
  icon: TablerIcon;
  /** Only those who may do this see the room. */
  needs?: Permission;
  /** Pages of the room that the search leads to as well. */
  pages?: readonly { to: Room["to"]; label: string }[];
}

/** The left bar, top to bottom; a group without a name stands by itself. */
export const groups: { name?: string; rooms: Room[] }[] = [
  {
    rooms: [
      { label: "Home", to: "/", icon: IconHome },
      { label: "Campaigns", to: "/campaigns", icon: IconSpeakerphone, needs: "campaigns.read" },
      { label: "Templates", to: "/templates", icon: IconTemplate, needs: "templates.read" },
      { label: "Messages", to: "/messages", icon: IconMessages, needs: "messages.read" },
      { label: "Reports", to: "/reports", icon: IconReportAnalytics, needs: "reports.read", pages: reportRooms.slice(1) },
    ],
  },
  {
    name: "People",
    rooms: [
      { label: "Contacts", to: "/people/contacts", icon: IconAddressBook, needs: "contacts.read" },
      { label: "Segments", to: "/people/segments", icon: IconChartPie, needs: "segments.read" },
      { label: "Lists", to: "/people/lists", icon: IconListDetails, needs: "segments.read" },
      { label: "Import", to: "/people/import", icon: IconFileImport, needs: "contacts.write" },
    ],
  },
  {
    name: "Channels",
    rooms: [
      { label: "WhatsApp Connect", to: "/channels/whatsapp", icon: IconBrandWhatsapp, needs: "providers.read" },
      { label: "Platform Deployments", to: "/channels/platforms", icon: IconPlugConnected, needs: "deployments.read" },
    ],
  },
  {
    name: "Settings",
    rooms: [
      { label: "Workspace", to: "/settings/workspace", icon: IconSettings },
      { label: "Team", to: "/settings/team", icon: IconUsers, needs: "members.read" },
      { label: "API keys", to: "/settings/api-keys", icon: IconKey, needs: "api-keys.read" },
      { label: "Consent words", to: "/settings/consent", icon: IconHandStop, needs: "contacts.read" },
      { label: "Campaign rules", to: "/settings/campaigns", icon: IconGauge, needs: "campaigns.read" },
      { label: "Audit", to: "/settings/audit", icon: IconShieldCheck, needs: "audit.read" },
      { label: "Your account", to: "/settings/account", icon: IconUserCircle },
    ],
  },
];
