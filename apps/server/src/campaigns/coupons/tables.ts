import type { Generated } from "kysely";

interface CouponPoolsTable {
  workspace_id: string;
  id: string;
  name: string;
  created_by_name: string;
  created_at: Generated<Date>;
}

interface CouponCodesTable {
  workspace_id: string;
  pool_id: string;
  code: string;
  contact_id: string | null;
  message_id: string | null;
  given_at: Date | null;
}

declare module "../../database/schema.ts" {
  interface Schema {
    coupon_pools: CouponPoolsTable;
    coupon_codes: CouponCodesTable;
  }
}
