import type { TemplateComponent, TemplateCategory } from "@tincan/whatsapp";

interface DemoTemplate {
  id: string;
  name: string;
  language: string;
  category: TemplateCategory;
  components: TemplateComponent[];
}

/** The approved templates every sandbox starts with. */
export function demoTemplates(): DemoTemplate[] {
  return [
    {
      id: "1400200300400501",
      name: "hello_world",
      language: "en_US",
      category: "UTILITY",
      components: [
        { type: "HEADER", format: "TEXT", text: "Hello from the sandbox" },
        { type: "BODY", text: "This message shows that your number can send. It has no variables." },
        { type: "FOOTER", text: "Tincan Sandbox" },
      ],
    },
    {
      id: "1400200300400502",
      name: "order_ready",
      language: "en",
      category: "UTILITY",
      components: [
        { type: "HEADER", format: "IMAGE", example: { header_handle: ["/sandbox/assets/order.png"] } },
        {
          type: "BODY",
          text: "Hi {{1}}, your order *{{2}}* is ready for collection. We keep it for you for seven days.",
          example: { body_text: [["Ada", "A-1042"]] },
        },
        { type: "FOOTER", text: "Open every day from 9 to 18" },
        {
          type: "BUTTONS",
          buttons: [
            { type: "URL", text: "See order", url: "https://shop.example/orders/{{1}}", example: ["https://shop.example/orders/A-1042"] },
            { type: "QUICK_REPLY", text: "On my way" },
          ],
        },
      ],
    },
    {
      id: "1400200300400503",
      name: "spring_offer",
      language: "en",
      category: "MARKETING",
      components: [
        { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Spring offer", has_expiration: true } },
        { type: "BODY", text: "Spring is here. Take *15% off* everything for the garden, as long as the offer lasts." },
        {
          type: "BUTTONS",
          buttons: [
            { type: "COPY_CODE", example: "SPRING15" },
            { type: "URL", text: "Shop now", url: "https://shop.example/spring" },
          ],
        },
      ],
    },
  ];
}
